namespace Tessera.Cards;

/// <summary>
/// A card said no where the caller needed a yes: the header of the command and the status, never data.
/// </summary>
public sealed class CardStatusException(string header, StatusWord status)
    : Exception($"The card answered {status} to command {header}.")
{
    public string Header { get; } = header;

    public StatusWord Status { get; } = status;
}
