namespace OrleansSync.Protocol;

/// <summary>What a field operation does (protocol §4.4).</summary>
internal enum FieldOperation : byte { None, Increment, AddToSet, RemoveFromSet, ServerTime }

// Reserved names: where a field operation may stand, and what it takes.
internal ref partial struct DataScanner
{
    private readonly void Reserved(ref Frame frame, ReadOnlySpan<byte> name)
    {
        if (_rules.Reserved == ReservedNames.All)
            return;
        if (_rules.Reserved == ReservedNames.RecordId && _depth == 1 && name.SequenceEqual("$id"u8))
            return;
        if (frame.MayBeOperation && frame.Count == 1)
            frame.Operation = OperationNamed(name);
        if (frame.Operation == FieldOperation.None)
            throw Malformed("names that begin with $ are reserved, and no field operation stands here");
    }

    private static FieldOperation OperationNamed(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("$increment"u8) ? FieldOperation.Increment
        : name.SequenceEqual("$addToSet"u8) ? FieldOperation.AddToSet
        : name.SequenceEqual("$removeFromSet"u8) ? FieldOperation.RemoveFromSet
        : name.SequenceEqual("$serverTime"u8) ? FieldOperation.ServerTime
        : FieldOperation.None;

    private readonly void CheckOperand(FieldOperation operation, int first)
    {
        var wanted = operation switch
        {
            FieldOperation.Increment when first is not ('-' or (>= '0' and <= '9')) => "$increment takes a number",
            FieldOperation.AddToSet when first != '[' => "$addToSet takes an array",
            FieldOperation.RemoveFromSet when first != '[' => "$removeFromSet takes an array",
            FieldOperation.ServerTime when first != 't' => "$serverTime takes true",
            _ => null,
        };
        if (wanted is not null)
            throw Malformed(wanted);
    }
}
