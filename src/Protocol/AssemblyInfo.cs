using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OrleansSync.Protocol.Tests")]
