// The words of the protocol cross grain calls: their serializers are made here, so that Protocol itself depends on nothing that runs.
[assembly: GenerateCodeForDeclaringAssembly(typeof(OrleansSync.Protocol.Write))]
[assembly: GenerateCodeForDeclaringAssembly(typeof(OrleansSync.Storage.RecordCommit))]
