using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>The one argument of every hub method: an object with the members of the socket's frame, as JSON bytes whatever protocol brought it.</summary>
/// <param name="Json">Not checked yet.</param>
/// <param name="Refused">Why it could not be read, if it could not.</param>
internal sealed record HubRequest(ReadOnlyMemory<byte> Json, Problem? Refused = null)
{
    /// <summary>Its members; throws <see cref="RefusedException"/> (malformed).</summary>
    public JsonMembers Members => Refused is null ? JsonMembers.Cut(Json) : throw new RefusedException(Refused);
}

/// <summary>What a hub method answers: the members of the socket's reply, encoded already.</summary>
/// <param name="Json">A JSON object.</param>
internal sealed record HubReply(ReadOnlyMemory<byte> Json);
