"""Programs that some tests need: a user's machine may lack them, the machine of CI may not."""

import os
import shutil
from typing import NoReturn

import pytest


def missing(reason: str, promise: str = "CI") -> NoReturn:
    """Skip this test because a program is not there, or fail it where the program was promised.

    Args:
        reason: which program is missing.
        promise: the variable that is "true" where the program has to be there.
    """
    if os.environ.get(promise) == "true":
        pytest.fail(f"{reason}, and {promise}=true says that it has to be", pytrace=False)
    pytest.skip(reason)


def missing_engine(reason: str) -> NoReturn:
    """The same for a container engine, which CI has only where its script could bring one up."""
    missing(reason, "CI_ENGINE")


def require(program: str) -> None:
    """Go on only where this program is installed."""
    if shutil.which(program) is None:
        missing(f"{program} is not installed")
