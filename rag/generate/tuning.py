"""The numbers set by hand for the generators, each with its unit and its reason. Limits of safety are among them."""

# A model in this process

EMBEDDED_CONTEXT = 8192  # tokens, as many as the embedded model was trained for
# A prompt is evaluated in blocks of so many tokens, and only whole blocks of the last prompt are used again. So each token
# stands in the same batch whatever was asked before: no kernel that rounds otherwise for other batches can change a draft.
BLOCK = 64
REPEAT_PENALTY = 1.1  # what a repeated token's odds are divided by; small models go round in circles without
LONGEST_PIECE = 512  # bytes of one token's text

# One model, many askers

PLACES = 8  # askers who may stand in line; more would wait longer than they have patience
PATIENCE = 60.0  # seconds that one of them waits for its turn
STOPPING = 5.0  # seconds that a process that ends waits for the thread

# A model at a server

CONNECTING = 5.0  # seconds until a server counts as not reached
LONGEST_EVENT = 1 << 20  # bytes of an event or of a refusal; a server may send a line without end
LINES_OF_AN_EVENT = 1_000  # lines of data that one event may have
REFUSAL_BLOCK = 4096  # bytes in which a refusal is read
LOST_LETTERS = 8  # letters of a reply that a server may break; more, and hardly a sentence of it is whole
LOADING_PAUSE = 1.0  # seconds until a server that loads its model is asked again
LOADING_SHARE = 0.75  # share of the time for a draft in which that goes on; the rest is for the draft
SERVER_TEMPLATE_TOKENS = 32  # tokens that a server's chat template may put around the messages
COUNTED_MARGIN = 4  # tokens to spare where a server has counted a prompt, for no two passages are as dense
SHORTENED = 0.6  # share of a prompt that is tried where a server finds it too long and does not say by how much
TRUNCATED_BEHIND = 8  # tokens by which Ollama may keep more than half of its context of a prompt that is longer than all of it
ROUND_CONTEXT = 256  # tokens of which contexts, and halves of them, are multiples
MODELS_TOLD = 5  # models of a server that an error names
LONGEST_REASON = 200  # characters of what a server says that an error repeats
