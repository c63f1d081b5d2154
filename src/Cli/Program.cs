System.Console.WriteLine("coffer");
