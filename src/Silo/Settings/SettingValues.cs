using System.Globalization;

namespace OrleansSync.Silo;

/// <summary>Single values out of the configuration: an absent or empty one is the default, an unreadable one is refused by name.</summary>
public sealed class SettingValues(IConfiguration configuration)
{
    /// <summary>The text as it is, or null.</summary>
    public string? Text(string name) => configuration[name] is { Length: > 0 } text ? text.Trim() : null;

    /// <summary>One of a few words, in any case.</summary>
    public string OneOf(string name, string fallback, params string[] choices)
    {
        if (Text(name) is not { } text) return fallback;
        return choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new WrongSettingException(name, $"it is '{text}', use {string.Join(" or ", choices)}");
    }

    /// <summary>A whole number within bounds, or null.</summary>
    public int? Number(string name, int min, int max)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        throw new WrongSettingException(name, $"it is '{text}', use a whole number from {min} to {max}");
    }

    /// <summary>A limit: 0 = off, which is <see cref="int.MaxValue"/> inside.</summary>
    public int Limit(string name, int fallback) => Number(name, 0, int.MaxValue) switch
    {
        null => fallback,
        0 => int.MaxValue,
        { } limit => limit,
    };

    /// <summary>true or false.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (Text(name) is not { } text) return fallback;
        return bool.TryParse(text, out var flag) ? flag : throw new WrongSettingException(name, $"it is '{text}', use true or false");
    }

    /// <summary>Either one text with commas (or semicolons) between, or numbered members; null = not set.</summary>
    public IReadOnlyList<string>? List(string name)
    {
        if (Text(name) is { } text)
            return text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var members = configuration.GetSection(name).GetChildren().Select(child => child.Value).OfType<string>().ToArray();
        return members.Length > 0 ? members : null;
    }
}
