#!/usr/bin/env python3
"""Records which ids TransformerLens's short names stand for, for Tests/HubTests/Fixtures/short_names.json.

usage: short_names.py OUTPUT
"""

import json
import pathlib
import sys

from transformer_lens.supported_models import MODEL_ALIASES

names = {alias: official for official, aliases in MODEL_ALIASES.items() for alias in aliases}
pathlib.Path(sys.argv[1]).write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
