using BenchmarkDotNet.Running;
using OrleansSync.Micro;

// What single steps of a write and of a delivery cost: dotnet run -c Release --project bench/Micro -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(ShortJob).Assembly).Run(args, ShortJob.Config);
