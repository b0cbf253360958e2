/** What a game can say to the page that plays it, and hear from it. */
export type ViewContext = "feed" | "full_screen" | "challenge" | "tournament";

/** Anything that JSON can hold, at most 256 KB of it. */
export type GameState = Record<string, unknown>;

export interface Player {
  id: string;
  name: string;
  imageUrl?: string;
  /** Ids of what this player has bought in this game. */
  purchasedItems: string[];
}

export interface GameInfo {
  /** Everybody in the match; one player alone otherwise. */
  players: Player[];
  player: Player;
  viewContext: ViewContext;
  initialGameState: { id: string; gameState: GameState } | null;
  /** Pixels at each edge that the host's own controls cover. */
  contentSafeAreaInset?: { top: number; right: number; bottom: number; left: number };
}

export interface GameError {
  message: string;
  source?: string;
  lineno?: number;
  colno?: number;
}

export interface GameEvents {
  play_again: undefined;
  toggle_mute: { isMuted: boolean };
  game_info: GameInfo;
  game_state_updated: { id: string; gameState: GameState } | null;
  purchase_complete: { success: boolean; item?: string };
}

export interface SharedActions {
  /** Resolves when the host has said who plays. */
  ready(): Promise<GameInfo>;
  hapticFeedback(): void;
  reportError(error: GameError): void;
  /** Asks the player to buy an item; resolves when they decided. */
  purchase(wish: { item: string }): Promise<{ success: boolean; item?: string }>;
}

export interface SinglePlayerActions extends SharedActions {
  /** A round is over; the score is a finite number, more being better. */
  gameOver(result: { score: number }): void;
  /** Kept for this player and this game. */
  saveGameState(wish: { gameState: GameState }): void;
}

export interface MultiplayerActions extends SharedActions {
  gameOver(result: { scores: { playerId: string; score: number }[] }): void;
  /** Kept for the match and sent to the other player; those named are told that it is their turn. */
  saveGameState(wish: { gameState: GameState; alertUserIds?: string[] }): void;
  /** The state is not a legal one: the host goes back to the one before. */
  refuteGameState(wish: { gameStateId: string }): void;
}

export declare class GameSDK {
  readonly singlePlayer: { actions: SinglePlayerActions };
  readonly multiplayer: { actions: MultiplayerActions };
  readonly gameInfo: GameInfo | undefined;
  readonly gameState: GameState | null | undefined;
  readonly player: Player | undefined;
  readonly players: Player[] | undefined;
  readonly purchasedItems: string[];
  readonly isReady: boolean;

  on<T extends keyof GameEvents>(type: T, callback: (data: GameEvents[T]) => void): void;
  off<T extends keyof GameEvents>(type: T, callback: (data: GameEvents[T]) => void): void;
  onPlayAgain(callback: () => void): void;
  onToggleMute(callback: (data: GameEvents["toggle_mute"]) => void): void;
  onGameInfo(callback: (data: GameInfo) => void): void;
  onGameStateUpdated(callback: (data: GameEvents["game_state_updated"]) => void): void;
  onPurchaseComplete(callback: (data: GameEvents["purchase_complete"]) => void): void;
  setTarget(target: Window): void;

  ready(): Promise<GameInfo>;
  purchase(wish: { item: string }): Promise<{ success: boolean; item?: string }>;
  reportError(error: GameError): void;
  hapticFeedback(): void;
  hasItem(item: string): boolean;
}

export { GameSDK as FarcadeSDK };
export declare const sdk: GameSDK;
export default sdk;

declare global {
  interface Window {
    RemixSDK: GameSDK;
    FarcadeSDK: GameSDK;
  }
}
