namespace OrleansSync.Gateway.Sockets;

/// <summary>Why a socket is closed (protocol §9 and RFC 6455 §7.4).</summary>
internal enum CloseCode : ushort
{
    Normal = 1000,
    /// <summary>The peer broke the framing itself.</summary>
    ProtocolError = 1002,
    /// <summary>Come back and resume.</summary>
    Restarting = 1012,
    Malformed = 4400,
    Unauthorized = 4401,
    ForbiddenOrigin = 4403,
    NoHello = 4408,
    TooLarge = 4413,
    TooMany = 4429,
}
