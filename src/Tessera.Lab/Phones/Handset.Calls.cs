using Tessera.Lab.Calls;
using Tessera.Toolkit.Commands;

namespace Tessera.Lab.Phones;

/// <content>The phone as a telephone.</content>
public sealed partial class Handset
{
    /// <summary>What is heard in it.</summary>
    public Earpiece Earpiece => _phone.Earpiece;

    /// <summary>Calls somebody; completes when the call is on its way, or the display says why it is not.</summary>
    /// <exception cref="ArgumentException">That cannot be dialled.</exception>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task DialAsync(string number, CancellationToken cancel)
    {
        _ = DialNumber.Encode(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number.Length, Screens.DialScreen.Most, nameof(number));
        return AskAsync(phone => phone.DialAsync(number), cancel);
    }

    /// <summary>Hangs up, where there is a call.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task HangUpAsync(CancellationToken cancel) => AskAsync(phone => phone.HangUpAsync(), cancel);

    /// <summary>Presses keys by what stands on them: digits, star, hash.</summary>
    /// <exception cref="ArgumentException">There is no such key.</exception>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public async Task PressAsync(string keys, CancellationToken cancel)
    {
        var pressed = keys.Select(PhoneKeys.Of).ToList();
        foreach (var key in pressed) await PressAsync(key, cancel);
    }

    /// <summary>Whether those who are called must not see the number.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task HideNumberAsync(bool hidden, CancellationToken cancel) => AskAsync(
        phone =>
        {
            phone.HidesNumber = hidden;
            return Task.CompletedTask;
        },
        cancel);

    /// <summary>Whether keys in a call are tones in its sound, and no telephone events.</summary>
    /// <inheritdoc cref="PressAsync(PhoneKey, CancellationToken)"/>
    public Task KeysInBandAsync(bool inBand, CancellationToken cancel) => AskAsync(
        phone =>
        {
            phone.SendKeysInBand(inBand);
            return Task.CompletedTask;
        },
        cancel);
}
