using OrleansSync.Silo;

// A silo as it ships. One that knows more, such as policies of your own, is the same line: see samples/CustomPolicy.
return await SyncSilo.Run(args);
