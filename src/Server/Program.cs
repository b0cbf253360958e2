Console.WriteLine("Remix");
