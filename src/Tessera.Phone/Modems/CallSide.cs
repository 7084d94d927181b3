namespace Tessera.Phone.Modems;

/// <summary>The ends of a call. In some modes they send on different channels.</summary>
public enum CallSide
{
    Caller,
    Answerer,
}
