namespace Tessera.Phone.Data;

/// <summary>Where an end of a line stands.</summary>
public enum LineState
{
    /// <summary>People speak; no sound leads to data.</summary>
    Voice,

    /// <summary>People speak; the escape of the other end will be obeyed.</summary>
    Armed,

    /// <summary>An escape signal was heard; whose it is will show.</summary>
    Listening,

    /// <summary>The ends make themselves known to each other.</summary>
    Opening,

    /// <summary>Both ends are known; octets flow.</summary>
    Data,
}
