export interface EncodedBatch {
  readonly rows: number;
}
