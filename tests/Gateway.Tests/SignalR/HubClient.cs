using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansSync.Gateway.Tests.SignalR;

/// <summary>
/// The official client as applications use it, over JSON or MessagePack; what it says and hears is shown as JSON, with user values as
/// values in both.
/// </summary>
internal sealed class HubClient(HubConnection connection, bool packed) : IAsyncDisposable
{
    public HubConnection Connection => connection;

    public static async Task<HubClient> Open(RunningGateway gateway, bool packed, string? token = null, string? client = null)
    {
        var address = new Uri(gateway.BaseAddress, "/v1/sync" + (client is null ? "" : $"?client={client}"));
        var builder = new HubConnectionBuilder().WithUrl(address, options =>
        {
            if (token is not null) options.AccessTokenProvider = () => Task.FromResult<string?>(token);
        });
        if (packed) builder.AddMessagePackProtocol();
        var connection = builder.Build();
        await connection.StartAsync();
        return new(connection, packed);
    }

    public async Task<JsonObject> Call(string method, string request) => Shown(
        packed ? await connection.InvokeAsync<object>(method, Argument(request)) : await connection.InvokeAsync<JsonElement>(method, Argument(request)));

    public async IAsyncEnumerable<JsonObject> Stream(
        string method, string request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (packed)
        {
            await foreach (var item in connection.StreamAsync<object>(method, Argument(request), cancel)) yield return Shown(item);
        }
        else
        {
            await foreach (var item in connection.StreamAsync<JsonElement>(method, Argument(request), cancel)) yield return Shown(item);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private object Argument(string request)
    {
        var json = JsonNode.Parse(request)!;
        return packed ? Packed(json)! : json;
    }

    /// <summary>Plain maps and lists, as a MessagePack application would build them.</summary>
    private static object? Packed(JsonNode? value, string name = "") => value switch
    {
        _ when name is "data" or "filter" or "state" or "value" => value?.ToJsonString() ?? "null",
        null => null,
        JsonObject members => members.ToDictionary(member => member.Key, member => Packed(member.Value, member.Key)),
        JsonArray items => items.Select(item => Packed(item)).ToArray(),
        _ when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ when value.GetValueKind() == JsonValueKind.Number => (long)value,
        _ => (bool)value,
    };

    private static JsonObject Shown(object value) =>
        (value is JsonElement json ? JsonObject.Create(json) : Unpacked(value)!.AsObject())!;

    // What users chose is text: data, state, and the values of a conflict, where a candidate's base is a number.
    private static JsonNode? Unpacked(object? value, string name = "", string parent = "") => value switch
    {
        null => null,
        string text when name is "data" or "state" or "base" or "current" || parent is "values" => JsonNode.Parse(text),
        string text => text,
        bool flag => flag,
        IDictionary<object, object> members =>
            new JsonObject(members.Select(member => KeyValuePair.Create((string)member.Key, Unpacked(member.Value, (string)member.Key, name)))),
        object[] items => new JsonArray([.. items.Select(item => Unpacked(item))]),
        _ => JsonValue.Create(Convert.ToInt64(value)),
    };
}
