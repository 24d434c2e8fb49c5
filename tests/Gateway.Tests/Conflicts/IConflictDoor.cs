using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>A way to claim, release and resolve, as the contract's tests use it.</summary>
public interface IConflictDoor : IAsyncDisposable
{
    /// <summary>Asks and answers with the result, whatever became of it.</summary>
    /// <param name="op">claim, release or resolve.</param>
    /// <param name="members">What the protocol's §6 says of the call, as JSON text.</param>
    /// <param name="client">Who is asking: a conflict is claimed by an author's client.</param>
    /// <param name="id">The write id.</param>
    Task<JsonObject> Ask(string op, string collection, string record, string members, string? client = null, string? id = null);
}

/// <summary>Opens doors, each as somebody.</summary>
public interface IConflictDoors
{
    Task<IConflictDoor> Open(RunningGateway gateway, string? token = null);
}
