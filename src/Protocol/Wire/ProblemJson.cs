using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>Problems as JSON: the members of RFC 9457 and the stable <c>code</c>, beside them what the answer has to say of the record.</summary>
public static class ProblemJson
{
    public const string MediaType = "application/problem+json";

    /// <summary>Writes <c>{"type","title","status","code","detail","errors","record"}</c>.</summary>
    /// <param name="record">The record that the problem is about, such as the tombstone of one that is gone.</param>
    public static void Write(IBufferWriter<byte> target, Problem problem, RecordVersion? record = null)
    {
        var json = new JsonOut(target);
        WriteHead(ref json, problem);
        if (record is not null)
        {
            json.Raw(",\"record\":"u8);
            RecordJson.Write(ref json, record);
        }
        json.Raw('}');
        json.End();
    }

    /// <summary>Writes a refused result: the problem's members and the result's.</summary>
    public static void Write(IBufferWriter<byte> target, WriteResult result)
    {
        var json = new JsonOut(target);
        WriteHead(ref json, result.Problem!);
        json.Raw(',');
        ResultJson.WriteOutcome(ref json, result);
        ResultJson.WriteRest(ref json, result);
        json.Raw('}');
        json.End();
    }

    private static void WriteHead(ref JsonOut json, Problem problem)
    {
        json.Raw("{\"type\":\"about:blank\",\"title\":"u8);
        json.String(Words.Title(problem.Status));
        json.Raw(",\"status\":"u8);
        json.Number(problem.Status);
        json.Raw(",\"code\":"u8);
        json.String(problem.Code);
        WriteDetail(ref json, problem);
    }

    /// <summary>Writes <c>,"detail":"…"</c> and, where paths fail, <c>,"errors":[{"path","why"}]</c>.</summary>
    public static void WriteDetail(ref JsonOut json, Problem problem)
    {
        json.Member(",\"detail\":"u8, problem.Detail);
        if (problem.Paths is not { Count: > 0 } paths)
            return;

        json.Raw(",\"errors\":["u8);
        for (var i = 0; i < paths.Count; i++)
        {
            json.Raw(i > 0 ? ",{\"path\":"u8 : "{\"path\":"u8);
            json.String(paths[i].Path);
            json.Raw(",\"why\":"u8);
            json.String(paths[i].Why);
            json.Raw('}');
        }
        json.Raw(']');
    }
}
