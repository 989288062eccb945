"""The variable by which a person names another Hub, and which hosts are this computer. No imports."""

VARIABLE = "HF_ENDPOINT"
"""As the Hub's own tools read it: such as a mirror within a company."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
