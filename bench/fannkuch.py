"""Pancake flips over all permutations: small lists, swaps, slices."""


def flips(n):
    permutation = list(range(n))
    count = [0] * n
    highest = checksum = 0
    sign = 1
    while True:
        first = permutation[0]
        if first:
            order = permutation[:]
            turned = 0
            while first:
                order[:first + 1] = order[first::-1]
                turned += 1
                first = order[0]
            if turned > highest:
                highest = turned
            checksum += sign * turned
        sign = -sign
        # The next permutation, by rotating growing prefixes.
        i = 1
        while True:
            if i == n:
                return checksum, highest
            permutation.insert(i, permutation.pop(0))
            count[i] += 1
            if count[i] <= i:
                break
            count[i] = 0
            i += 1


print(flips(9), flips(6))
