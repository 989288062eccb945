"""A Hub on loopback, as the Hub's own library sees one, with every fault on command."""

from tests.support.hub.faults import Fault, Faults
from tests.support.hub.server import HubServer
from tests.support.hub.world import Blob, Repo, World, commit_of

__all__ = ["Blob", "Fault", "Faults", "HubServer", "Repo", "World", "commit_of"]
