"""Programs as people have them: with data, libraries and devices that the playground has not."""

PICTURES = """
import numpy as np
import matplotlib.pyplot as plt
import torch, os
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from tqdm import tqdm
import time

start = time.time()
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
transform = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.5,), (0.5,)),
])
batch_size = 16
train_data = datasets.MNIST(root="./data", train=True, transform=transform, download=True)
train_loader = DataLoader(train_data, batch_size=batch_size, shuffle=True)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(784, 16)
        self.l2 = nn.Linear(16, 10)

    def forward(self, x):
        return self.l2(torch.relu(self.l1(x.view(x.size(0), -1))))

model = Net().cuda()
criterion = nn.CrossEntropyLoss()
for images, labels in tqdm(train_loader):
    images = images.to(device)
    loss = criterion(model(images), labels)
    loss.backward()
    if loss.item() < 9:
        plt.plot(loss.item())
elapsed = time.time() - start
print(elapsed)
torch.save(model.state_dict(), "model.pt")
if __name__ == "__main__":
    print("trained")
"""

REGRESSION = """
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset
import matplotlib.pyplot as plt

np.random.seed(0)
x = np.random.rand(20, 1).astype(np.float32)
y = 2 * x + np.sin(x) + 0.1 * np.random.randn(20, 1)
plt.scatter(x, y)
plt.show()
x, y = torch.from_numpy(x), torch.from_numpy(y).float()
data = TensorDataset(x, y)
loader = DataLoader(data, batch_size=5, shuffle=True)
model = torch.nn.Linear(1, 1)
for xb, yb in loader:
    loss = ((model(xb) - yb) ** 2).mean()
    loss.backward()
"""

TABLE = """
import pandas as pd
import torch
import torch.nn as nn
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from typing import Optional
from IPython.display import display

df = pd.read_csv("data.csv")
display(df.head())
X = df[["a", "b"]].values
y = df["target"].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)

class Model(nn.Module):
    def __init__(self, width: Optional[int] = None):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.last = nn.Linear(8, 3)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)))

model = Model()
loss = nn.CrossEntropyLoss()(model(X_train), y_train)
loss.backward()
with open("out.txt", "w") as file:
    file.write("x")
"""

PROGRAMS = {"pictures": PICTURES, "regression": REGRESSION, "table": TABLE}
