"""Keeps account of what lies on which shelf of a small shop."""

import csv
import datetime
from dataclasses import dataclass, field


class StockError(Exception):
    """Something was asked for that the shelves cannot give."""


@dataclass
class Item:
    code: str
    title: str
    price_cents: int
    amount: int = 0
    arrived: list = field(default_factory=list)

    def value_cents(self):
        return self.price_cents * self.amount

    def arrive(self, count, day=None):
        if count <= 0:
            raise StockError(f"{self.code}: {count} pieces cannot arrive")
        self.amount += count
        self.arrived.append((day or datetime.date.today(), count))

    def leave(self, count):
        if count <= 0:
            raise StockError(f"{self.code}: {count} pieces cannot leave")
        if count > self.amount:
            raise StockError(f"{self.code}: {count} wanted, {self.amount} there")
        self.amount -= count


class Shelf:
    def __init__(self, name, places):
        self.name = name
        self.places = places
        self.items = {}

    def add(self, item):
        if item.code in self.items:
            raise StockError(f"{item.code} is on shelf {self.name} already")
        if len(self.items) >= self.places:
            raise StockError(f"shelf {self.name} is full")
        self.items[item.code] = item
        return item

    def remove(self, code):
        if code not in self.items:
            raise StockError(f"{code} is not on shelf {self.name}")
        return self.items.pop(code)

    def find(self, code):
        return self.items.get(code)

    def value_cents(self):
        return sum(item.value_cents() for item in self.items.values())

    def free_places(self):
        return self.places - len(self.items)


class Shop:
    def __init__(self, name):
        self.name = name
        self.shelves = {}
        self.sold = []

    def build_shelf(self, name, places):
        if name in self.shelves:
            raise StockError(f"there is a shelf {name} already")
        shelf = Shelf(name, places)
        self.shelves[name] = shelf
        return shelf

    def shelf_of(self, code):
        for shelf in self.shelves.values():
            if shelf.find(code) is not None:
                return shelf
        raise StockError(f"{code} is on no shelf")

    def move(self, code, to):
        if to not in self.shelves:
            raise StockError(f"there is no shelf {to}")
        target = self.shelves[to]
        if target.free_places() == 0:
            raise StockError(f"shelf {to} is full")
        source = self.shelf_of(code)
        target.add(source.remove(code))

    def sell(self, code, count, day=None):
        item = self.shelf_of(code).find(code)
        item.leave(count)
        self.sold.append((day or datetime.date.today(), code, count))
        return item.price_cents * count

    def sold_on(self, day):
        return [(code, count) for sale_day, code, count in self.sold if sale_day == day]

    def value_cents(self):
        return sum(shelf.value_cents() for shelf in self.shelves.values())

    def scarce(self, least):
        found = []
        for shelf in self.shelves.values():
            for item in shelf.items.values():
                if item.amount < least:
                    found.append(item)
        return sorted(found, key=lambda item: item.amount)

    def write_csv(self, path):
        with open(path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["shelf", "code", "title", "price_cents", "amount"])
            for shelf in self.shelves.values():
                for item in shelf.items.values():
                    writer.writerow(
                        [shelf.name, item.code, item.title, item.price_cents, item.amount]
                    )

    def read_csv(self, path, places=20):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if row["shelf"] not in self.shelves:
                    self.build_shelf(row["shelf"], places)
                item = Item(row["code"], row["title"], int(row["price_cents"]))
                item.amount = int(row["amount"])
                self.shelves[row["shelf"]].add(item)


def report(shop, least=3):
    lines = [f"{shop.name}: {shop.value_cents() / 100:.2f}"]
    for shelf in shop.shelves.values():
        lines.append(f"  {shelf.name}: {shelf.value_cents() / 100:.2f}, {shelf.free_places()} free")
    for item in shop.scarce(least):
        lines.append(f"  only {item.amount} of {item.title} ({item.code})")
    return "\n".join(lines)
