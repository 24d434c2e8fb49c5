using System.Collections.Concurrent;
using NJsonSchema;
using NJsonSchema.Validation;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Records;

/// <summary>Holds data against a collection's JSON Schema; compiled schemas are kept, a bounded number of them.</summary>
public sealed class SchemaCheck
{
    private const int MostKept = 256;
    private const int MostPaths = 20;

    private readonly ConcurrentDictionary<string, JsonSchema> _compiled = new();

    /// <summary>Null when the data meets the schema, else the failing paths.</summary>
    public Problem? Check(string schema, byte[] data)
    {
        var failures = Compiled(schema).Validate(System.Text.Encoding.UTF8.GetString(data));
        if (failures.Count == 0) return null;
        var paths = failures.SelectMany(Leaves).Select(Describe).Distinct().Take(MostPaths).ToList();
        return new(Codes.Schema, $"The data does not meet the collection's schema at: {string.Join(", ", paths.Select(path => $"'{path.Path}'"))}.", paths);
    }

    /// <summary>Null when the text is a schema that can be used, else why not.</summary>
    public string? Flaw(string schema)
    {
        try
        {
            Compiled(schema);
            return null;
        }
        catch (Exception flaw) when (flaw is not OutOfMemoryException)
        {
            return "It is not a JSON Schema that can be used.";
        }
    }

    private JsonSchema Compiled(string schema)
    {
        if (_compiled.TryGetValue(schema, out var known)) return known;
        if (_compiled.Count >= MostKept) _compiled.Clear();
        return _compiled.GetOrAdd(schema, static text => JsonSchema.FromJsonAsync(text).GetAwaiter().GetResult());
    }

    private static IEnumerable<ValidationError> Leaves(ValidationError error) =>
        error is ChildSchemaValidationError { Errors: { Count: > 0 } nested }
            ? nested.Values.SelectMany(errors => errors).SelectMany(Leaves)
            : [error];

    private static FailingPath Describe(ValidationError error)
    {
        var path = error.Path is { } at ? at.TrimStart('#').TrimStart('/') : "";
        return new(path, error.Kind.ToString());
    }
}
