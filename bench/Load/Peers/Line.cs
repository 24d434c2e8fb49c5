namespace OrleansSync.Load.Peers;

/// <summary>A connection on which a server is ready to listen, and how it is spoken to.</summary>
internal readonly record struct Line(RawSocket Socket, Dialect Dialect);
