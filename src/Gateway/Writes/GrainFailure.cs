using Orleans.Runtime;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Gateway.Writes;

/// <summary>What a failed grain call means to a client: the words of protocol §11, never a type's name.</summary>
internal static class GrainFailure
{
    /// <summary>True when the call may not have arrived, or its answer got lost: asking again may help.</summary>
    public static bool IsTransport(Exception failure) =>
        failure is OrleansException or TimeoutException or ObjectDisposedException or OperationCanceledException
            or StoreUnavailableException or System.Net.Sockets.SocketException or IOException;

    public static Problem ProblemOf(Exception failure) => failure switch
    {
        RefusedException refused => refused.Problem,
        _ when IsTransport(failure) => Unavailable,
        _ => Internal,
    };

    public static readonly Problem Unavailable = new(Codes.Unavailable,
        "The record could not be reached in time. A write may or may not have happened: send it again with the same write id.");

    public static readonly Problem Internal = new(Codes.Internal,
        "Something went wrong on the server; the operator's log says what. Sending a write again with the same write id is safe.");
}
