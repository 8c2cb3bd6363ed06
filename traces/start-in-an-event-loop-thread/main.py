import background

print(background.run(len, "four"))
