throw new Error("this pack cannot even be loaded");
