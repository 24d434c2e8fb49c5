using OrleansSync.CustomPolicy;
using OrleansSync.Gateway;
using OrleansSync.Grains.Merging;

// The whole server, with a policy of its own: "custom:longest" in a collection's settings. samples/README.md has commands to try it.
return await SyncServer.Run(args, services => services.AddCustomPolicy<LongestText>());
