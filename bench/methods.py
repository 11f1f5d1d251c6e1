"""Method calls: plain, inherited, overridden with super(), class and static methods, dunder calls."""


class Account:
    fee = 1

    def __init__(self, balance):
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
        return self

    def withdraw(self, amount):
        if amount + self.fee <= self.balance:
            self.balance -= amount + self.fee
        return self

    @classmethod
    def with_fee(cls, amount):
        return cls.fee + amount

    @staticmethod
    def clamp(value):
        return value if value < 1_000_000 else 0

    def __call__(self, amount):
        return self.balance - amount

    def __len__(self):
        return 7


class Savings(Account):
    def deposit(self, amount):
        super().deposit(amount)
        self.balance = self.clamp(self.balance)
        return self


def main():
    plain, savings = Account(100), Savings(5)
    total = 0
    for i in range(250_000):
        plain.deposit(i & 15).withdraw(3)
        savings.deposit(i & 7)
        total += savings.with_fee(i) + plain(i) + len(plain)
    bound = plain.deposit
    for i in range(200_000):
        bound(1)
    return plain.balance, savings.balance, total


print(main())
