namespace OrleansSync.Silo;

/// <summary>A setting that nobody can start with: the message is the one line that names it and the mend.</summary>
public sealed class WrongSettingException(string name, string mend) : Exception($"Wrong setting {name}: {mend}");
