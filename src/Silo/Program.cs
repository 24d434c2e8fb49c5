using OrleansSync.Silo;

return await SiloProcess.Run(args, Console.Error);
