using System.Net.Sockets;
using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>Tells what the database's failures mean.</summary>
internal static class Failure
{
    /// <summary>What <c>refuse</c> is told when a feed or a record is not as the commit expects it.</summary>
    public const string Fenced = "OS001";

    /// <summary>What it is told when other paths are indexed than the commit knows.</summary>
    public const string OtherIndexes = "OS002";

    /// <summary>What it is told when a record that was taken for a plain edit is none.</summary>
    public const string NotPlain = "OS003";

    private const string ConstraintViolations = "23";

    /// <summary>The transaction was refused for what it holds, and did not happen.</summary>
    public static bool IsRefusal(PostgresException failure) =>
        failure.SqlState == Fenced || failure.SqlState.StartsWith(ConstraintViolations, StringComparison.Ordinal);

    /// <summary>The connection was gone, as an idle one is after the server was started again: a fresh one may do.</summary>
    public static bool IsStaleConnection(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown }
        || (failure is NpgsqlException and not PostgresException && failure.InnerException is IOException or SocketException);

    public static bool IsOfDatabase(Exception failure, CancellationToken cancel) => failure switch
    {
        OperationCanceledException => !cancel.IsCancellationRequested,
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        // The connection was closed meanwhile, or all of them were.
        ObjectDisposedException or InvalidOperationException { Source: nameof(Npgsql) } => true,
        _ => false,
    };

    public static StoreUnavailableException Of(Exception failure) => new($"PostgreSQL: {failure.Message}", failure);
}
