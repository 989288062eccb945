"""Makes findings for tests, the licence deciding the terms as in the app."""

from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Link, Terms
from inspector.frameworks.licences import licences


def finding(part, availability="public", licence="apache-2.0", terms=None, link=Link.END_MODEL):
    return Finding(
        part=part,
        availability=Availability(availability),
        terms=Terms(terms) if terms else licences().terms(licence),
        licence=licence or "",
        link=link,
    )


def everything(**kwargs):
    """Every part and item of the stack, in one state."""
    return [finding(key, **kwargs) for key in sorted(stack().keys)]


def findings(*some, subject="made up"):
    return Findings(subject, some)
