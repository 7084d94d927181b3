using Tessera.Story.Server;
using Tessera.Story.Site;
using Tessera.Toolkit.Links;

namespace Tessera.Story;

/// <summary>Something happened that somebody in the story has to act upon.</summary>
internal abstract record StoryEvent;

/// <summary>The card left the slot: pulled, or without power.</summary>
internal sealed record CardOut(TerminalLife Life) : StoryEvent;

/// <summary>A session ended and its card is still in.</summary>
internal sealed record SessionOver(ILink Link) : StoryEvent;

/// <summary>The server has noticed that a connection is over.</summary>
internal sealed record ConnectionOver : StoryEvent;

internal sealed record ServerKilled(ServerLife Life) : StoryEvent;

internal sealed record TerminalKilled : StoryEvent;

/// <summary>Something failed that must not fail.</summary>
internal sealed record Failed(string What, Exception Why) : StoryEvent;
