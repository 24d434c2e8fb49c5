using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Callers;

public sealed class AccessLists
{
    private static readonly AccessRules Guarded = new(new ServerSettings { Auth = new() { Key = new string('k', 32) } });
    private static readonly AccessRules Open = new(new ServerSettings());

    private static readonly Caller Ada = Named("ada");
    private static readonly Caller Editor = Named("eve", "editor");
    private static readonly Caller Admin = Named("root", "admin");

    public static readonly TheoryData<string[]?, string, bool> Entries = new()
    {
        { null, "anonymous", false },
        { null, "ada", true },
        { [], "ada", false },
        { [], "admin", true },
        { ["*"], "anonymous", true },
        { ["authenticated"], "anonymous", false },
        { ["authenticated"], "ada", true },
        { ["user:ada"], "ada", true },
        { ["user:ada"], "editor", false },
        { ["user:ad"], "ada", false },
        { ["ada"], "ada", false },
        { ["editor"], "editor", true },
        { ["editor"], "ada", false },
        { ["Editor"], "editor", false },
        { ["anonymous"], "anonymous", false },
        { ["user:anonymous"], "anonymous", false },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_entry_lets_pass_whom_it_names(string[]? list, string who, bool passes)
    {
        var collection = new CollectionSettings { Read = list };

        Assert.Equal(passes, Guarded.Read(Who(who), collection) is null);
    }

    [Fact]
    public void Writing_needs_reading_too()
    {
        var blind = new CollectionSettings { Read = ["user:eve"], Write = ["user:ada", "user:eve"] };

        Assert.Equal(Codes.Forbidden, Guarded.Write(Ada, blind)?.Code);
        Assert.Null(Guarded.Write(Editor, blind));
    }

    [Fact]
    public void Resolving_needs_reading_too()
    {
        var blind = new CollectionSettings { Read = ["user:eve"], Resolve = ["user:ada", "user:eve"] };

        Assert.Equal(Codes.Forbidden, Guarded.Resolve(Ada, blind)?.Code);
        Assert.Null(Guarded.Resolve(Editor, blind));
    }

    [Fact]
    public void Who_could_show_a_token_is_unauthorized_and_who_did_is_forbidden()
    {
        var closed = new CollectionSettings { Read = ["editor"] };

        Assert.Equal(Codes.Unauthorized, Guarded.Read(Caller.Anonymous, closed)?.Code);
        Assert.Equal(Codes.Forbidden, Guarded.Read(Ada, closed)?.Code);
        Assert.Equal(Codes.Forbidden, Open.Read(Caller.Anonymous, closed)?.Code);
    }

    [Fact]
    public void Settings_are_everybodys_until_somebody_can_show_who_they_are()
    {
        Assert.Null(Open.Administer(Caller.Anonymous));
        Assert.Equal(Codes.Unauthorized, Guarded.Administer(Caller.Anonymous)?.Code);
        Assert.Equal(Codes.Forbidden, Guarded.Administer(Editor)?.Code);
        Assert.Null(Guarded.Administer(Admin));
    }

    [Fact]
    public void Without_tokens_everybody_passes_where_nothing_is_said() =>
        Assert.Null(Open.Write(Caller.Anonymous, CollectionSettings.Default));

    [Fact]
    public void The_servers_lists_hold_where_a_collection_says_nothing()
    {
        var rules = new AccessRules(new() { Auth = new() { Key = "k" }, Access = new() { Read = ["*"], Write = ["editor"] } });

        Assert.Null(rules.Read(Caller.Anonymous, CollectionSettings.Default));
        Assert.Equal(Codes.Unauthorized, rules.Write(Caller.Anonymous, CollectionSettings.Default)?.Code);
        Assert.Null(rules.Write(Editor, CollectionSettings.Default));
        Assert.Null(rules.Write(Ada, new() { Write = ["authenticated"] }));
    }

    [Fact]
    public void Who_has_no_name_owns_nothing()
    {
        var owned = new CollectionSettings { Read = ["*"], Write = ["*"], Owner = "ownerId" };

        Assert.Equal(Codes.Unauthorized, Guarded.Read(Caller.Anonymous, owned)?.Code);
        Assert.Equal(Codes.Unauthorized, Guarded.Write(Caller.Anonymous, owned)?.Code);
        Assert.Equal(Codes.Forbidden, Open.Read(Caller.Anonymous, owned)?.Code);
        Assert.Null(Guarded.Read(Ada, owned));
    }

    [Fact]
    public void Only_an_admin_sees_what_others_own()
    {
        var owned = new CollectionSettings { Owner = "ownerId" };

        Assert.Equal("ada", AccessRules.OwnView(Ada, owned));
        Assert.Null(AccessRules.OwnView(Admin, owned));
        Assert.Null(AccessRules.OwnView(Ada, CollectionSettings.Default));
    }

    private static Caller Who(string name) => name switch
    {
        "ada" => Ada,
        "editor" => Editor,
        "admin" => Admin,
        _ => Caller.Anonymous,
    };

    private static Caller Named(string author, params string[] roles) => new() { Author = author, Authenticated = true, Roles = roles };
}
