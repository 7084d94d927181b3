using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Xunit;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>A browser whose holder does what a test wrote down.</summary>
internal sealed class ScriptedPage : IPage
{
    private readonly Queue<string> _answers = new();

    /// <summary>Everything the page showed, in order.</summary>
    public List<string> Shown { get; } = [];

    public List<PageStatus> Told { get; } = [];

    public int Unused => _answers.Count;

    /// <summary>Called with each status, for what happens meanwhile.</summary>
    public Action<PageStatus> OnTold { get; set; } = _ => { };

    /// <summary>What the holder does about a page when nothing is written down.</summary>
    public Func<PageRequest, string>? Otherwise { get; set; }

    public ScriptedPage Does(params ReadOnlySpan<string> answers)
    {
        foreach (var answer in answers) _answers.Enqueue(answer);
        return this;
    }

    public Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var text = string.Join('\n', TextRendering.Lines(request.View, 80));
        Shown.Add(request is ChoicePage choice ? $"{text} [{string.Join(" | ", choice.Choices)}]" : text);
        if (request is NotePage) return Task.FromResult<PageAnswer>(new Continued());

        if (!_answers.TryDequeue(out var answer)) answer = Otherwise?.Invoke(request);
        Assert.True(answer is not null, $"Nobody answers: {Shown[^1]}");
        return Task.FromResult<PageAnswer>((request, answer) switch
        {
            (_, "!cancel") => new Cancelled(),
            (_, "!leave") => new Left(),
            (ChoicePage page, _) => new Chosen(page.Choices.ToList().IndexOf(answer)),
            _ => new Typed(answer),
        });
    }

    public ValueTask TellAsync(PageStatus status, CancellationToken cancel)
    {
        Told.Add(status);
        OnTold(status);
        return ValueTask.CompletedTask;
    }
}
