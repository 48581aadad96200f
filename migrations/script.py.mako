<%!
    import re

    def commands(generated):
        """The commands alone, without alembic's comments around them."""
        return re.sub(r"\s*# ### .*", "", generated or "").strip() or "pass"
%>\
"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${commands(upgrades)}


def downgrade() -> None:
    ${commands(downgrades)}
