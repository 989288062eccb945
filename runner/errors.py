"""What can go wrong while something runs, as codes; the words for each stand in resources/texts."""


class RunnerError(Exception):
    """An expected failure that a person is told about.

    Args:
        code: a dotted name such as `engine.out_of_memory`; `resources/texts/en/errors` has a
            title, a meaning and a remedy for each.
        detail: what the library or the system said, for the details fold; never shown alone.
        context: values that the words may use, such as a path or a size.
    """

    def __init__(self, code: str, detail: str = "", /, **context: str | float) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.context = context
