using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>
/// Results as JSON (protocol §4): <c>{"id","outcome","code","status","detail","errors","record","replayed","fields"}</c>, without what does not apply.
/// </summary>
public static class ResultJson
{
    public static void Write(IBufferWriter<byte> target, WriteResult result)
    {
        var json = new JsonOut(target);
        Write(ref json, result);
        json.End();
    }

    public static void Write(ref JsonOut json, WriteResult result)
    {
        json.Raw('{');
        WriteOutcome(ref json, result);
        if (result.Problem is { } problem)
        {
            json.Raw(",\"code\":"u8);
            json.String(problem.Code);
            json.Raw(",\"status\":"u8);
            json.Number(problem.Status);
            ProblemJson.WriteDetail(ref json, problem);
        }
        WriteRest(ref json, result);
        json.Raw('}');
    }

    /// <summary>Writes the answer to a batch: <c>{"results":[…]}</c>.</summary>
    public static void WriteAll(IBufferWriter<byte> target, IReadOnlyList<WriteResult> results)
    {
        var json = new JsonOut(target);
        json.Raw("{\"results\":"u8);
        WriteArray(ref json, results);
        json.Raw('}');
        json.End();
    }

    /// <summary>Writes <c>[result, …]</c>.</summary>
    public static void WriteArray(ref JsonOut json, IReadOnlyList<WriteResult> results)
    {
        json.Raw('[');
        for (var i = 0; i < results.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            Write(ref json, results[i]);
        }
        json.Raw(']');
    }

    internal static void WriteOutcome(ref JsonOut json, WriteResult result)
    {
        if (result.Id is not null)
        {
            json.Raw("\"id\":"u8);
            json.String(result.Id);
            json.Raw(',');
        }
        json.Raw("\"outcome\":"u8);
        json.String(Words.Of(result.Outcome));
    }

    internal static void WriteRest(ref JsonOut json, WriteResult result)
    {
        if (result.Record is not null)
        {
            json.Raw(",\"record\":"u8);
            RecordJson.Write(ref json, result.Record);
        }
        if (result.Replayed)
            json.Raw(",\"replayed\":true"u8);
        WriteFields(ref json, result.Fields);
    }

    /// <summary>Writes <c>,"fields":[{"path","kept","rule","why"}]</c>, nothing when there are none.</summary>
    internal static void WriteFields(ref JsonOut json, IReadOnlyList<FieldOutcome> fields)
    {
        if (fields.Count == 0)
            return;

        json.Raw(",\"fields\":["u8);
        for (var i = 0; i < fields.Count; i++)
        {
            json.Raw(i > 0 ? ",{\"path\":"u8 : "{\"path\":"u8);
            json.String(fields[i].Path);
            json.Raw(",\"kept\":"u8);
            json.String(Words.Of(fields[i].Kept));
            json.Raw(",\"rule\":"u8);
            json.String(fields[i].Rule);
            json.Raw(",\"why\":"u8);
            json.String(fields[i].Why);
            json.Raw('}');
        }
        json.Raw(']');
    }
}
