using System.IO.Pipelines;

namespace Tessera.Smpp.Tests.Sessions;

/// <summary>Two ends of a connection in memory. A writer waits when the other end reads nothing.</summary>
internal sealed class PipePair
{
    public PipePair(long pauseThreshold = 65_536)
    {
        var options = new PipeOptions(pauseWriterThreshold: pauseThreshold, resumeWriterThreshold: pauseThreshold / 2);
        var (there, back) = (new Pipe(options), new Pipe(options));
        Near = new PipeEnd(back.Reader, there.Writer);
        Far = new PipeEnd(there.Reader, back.Writer);
    }

    public IDuplexPipe Near { get; }

    public IDuplexPipe Far { get; }
}

/// <summary>One end of a connection.</summary>
internal sealed record PipeEnd(PipeReader Input, PipeWriter Output) : IDuplexPipe;
