"""Within what do the numbers of a scenario lie?"""

from __future__ import annotations

from pydantic import Field

Share = Field(ge=0, le=1)
Positive = Field(gt=0)
