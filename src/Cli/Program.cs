Console.WriteLine("remix");
