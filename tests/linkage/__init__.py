"""Record linkage on trial: invented people with the truth, an evaluator, and public sets beside them."""
