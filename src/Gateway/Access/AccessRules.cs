using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>
/// Who may do what: the collection's lists, else the server's, held against the caller. Pure. Null = allowed, else the problem to answer.
/// Without a collection of its own name (not created yet) the default settings hold.
/// </summary>
internal sealed class AccessRules(ServerSettings settings)
{
    private readonly bool _tokens = settings.Auth.Required;
    private readonly IReadOnlyList<string> _read = settings.Access.Read ?? Default(settings);
    private readonly IReadOnlyList<string> _write = settings.Access.Write ?? Default(settings);
    private readonly IReadOnlyList<string> _resolve = settings.Access.Resolve ?? Default(settings);

    public Problem? Read(Caller caller, CollectionSettings collection) =>
        Reads(caller, collection) ? null : Missing(caller, "read this collection");

    /// <summary>Who writes must also be allowed to read: an answer shows the record.</summary>
    public Problem? Write(Caller caller, CollectionSettings collection) =>
        Reads(caller, collection) && Passes(caller, collection.Write ?? _write) && !Nameless(caller, collection)
            ? null
            : Missing(caller, "write to this collection");

    public Problem? Resolve(Caller caller, CollectionSettings collection) =>
        Reads(caller, collection) && Passes(caller, collection.Resolve ?? _resolve) && !Nameless(caller, collection)
            ? null
            : Missing(caller, "resolve conflicts of this collection");

    /// <summary>Settings and purges: everybody's while nobody can show who they are, then those of the role admin.</summary>
    public Problem? Administer(Caller caller) =>
        !_tokens || caller.IsAdmin ? null : Missing(caller, "do this, it needs the role admin");

    /// <summary>
    /// Which part of a readable collection the caller sees: null = all of it, else only records whose owner field is this text.
    /// </summary>
    public static string? OwnView(Caller caller, CollectionSettings collection) =>
        collection.Owner is null || caller.IsAdmin ? null : caller.Author;

    private bool Reads(Caller caller, CollectionSettings collection) =>
        Passes(caller, collection.Read ?? _read) && !Nameless(caller, collection);

    /// <summary>Where an owner field decides, someone without a name owns nothing.</summary>
    private static bool Nameless(Caller caller, CollectionSettings collection) =>
        collection.Owner is not null && !caller.Authenticated;

    private static bool Passes(Caller caller, IReadOnlyList<string> list)
    {
        if (caller.IsAdmin) return true;
        for (var i = 0; i < list.Count; i++)
            if (Names(caller, list[i])) return true;
        return false;
    }

    private static bool Names(Caller caller, string entry)
    {
        if (entry is "*") return true;
        if (!caller.Authenticated) return false;
        if (entry is "authenticated") return true;
        return entry.StartsWith("user:", StringComparison.Ordinal)
            ? entry.AsSpan("user:".Length).SequenceEqual(caller.Author)
            : caller.Roles.Contains(entry);
    }

    private Problem Missing(Caller caller, string toDo) => caller.Authenticated || !_tokens
        ? new Problem(Codes.Forbidden, $"You may not {toDo}.")
        : new Problem(Codes.Unauthorized, $"You may not {toDo} without a token: send one as Authorization: Bearer.");

    private static IReadOnlyList<string> Default(ServerSettings settings) => settings.Auth.Required ? ["authenticated"] : ["*"];
}
