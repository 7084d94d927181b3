using System.Globalization;
using Tessera.Lab.Calls;
using Tessera.Lab.Phones.Screens;

namespace Tessera.Lab.Phones.Calls;

/// <summary>The display while there is a call, and a moment after it.</summary>
/// <param name="unread">Messages that came meanwhile.</param>
/// <param name="menu">The left soft key, which is the menu as when there is no call.</param>
/// <param name="read">The right one: the messages.</param>
/// <param name="clear">Any key, once it is over.</param>
internal sealed class CallScreen(
    PhoneCall call, Func<int> unread, Func<char, Task> pressed, Func<Task> menu, Func<Task> read, Func<Task> clear)
    : PhoneScreen
{
    public override Sight Draw()
    {
        var isOver = call.Phase == CallPhase.Ended;
        var messages = unread();
        string[] news = messages switch
        {
            0 => [],
            1 => ["1 new message"],
            _ => [string.Create(CultureInfo.InvariantCulture, $"{messages} new messages")],
        };
        return new Sight(
            [
                Heading, call.Name.Length > 0 ? call.Name : call.Number, "", .. Wrapping.Lines(call.Keys).TakeLast(2),
                "", .. news,
            ],
            isOver ? "OK" : "Menu", isOver ? "" : messages > 0 ? "Read" : "Messages");
    }

    public override Task PressAsync(PhoneKey key) => key switch
    {
        _ when call.Phase == CallPhase.Ended => clear(),
        _ when key.Character() is { } character => pressed(character),
        PhoneKey.Left or PhoneKey.Ok => menu(),
        PhoneKey.Right => read(),
        _ => Task.CompletedTask,
    };

    private string Heading => call.Phase switch
    {
        CallPhase.Calling => "Calling…",
        CallPhase.Ringing => "Ringing…",
        CallPhase.Connected => $"Connected {Minutes}",
        _ when call.Lasted > TimeSpan.Zero => $"{call.Ending.Words()} {Minutes}",
        _ => call.Ending.Words(),
    };

    private string Minutes => string.Create(
        CultureInfo.InvariantCulture, $"{(int)call.Lasted.TotalMinutes:00}:{call.Lasted.Seconds:00}");
}
