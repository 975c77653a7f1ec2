"""The version of this package."""

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "not installed"
