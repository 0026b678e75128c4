print("fewshot")
