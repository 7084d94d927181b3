namespace Tessera.Server.Calls;

/// <summary>Why no device came to data when the caller was asked for it.</summary>
internal enum DeviceAbsence
{
    /// <summary>It came.</summary>
    None,

    /// <summary>Nobody asked for data: the caller has no device, did not press the key, or it speaks another version.</summary>
    Silent,

    /// <summary>It proved who it is, and is not enrolled here.</summary>
    Unknown,

    /// <summary>It came without a card, or its link did not begin; its display says why.</summary>
    Unfit,

    /// <summary>The caller pressed the key that stops it.</summary>
    Declined,
}
