using OrleansSync.EndToEnd.Faults;

// The long run: every kind of fault, several times, in an order that the seed decides.
return await LongRun.Run(args);
