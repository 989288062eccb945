"""The report: one file that another person can read and re-check, described in docs/report.md."""
